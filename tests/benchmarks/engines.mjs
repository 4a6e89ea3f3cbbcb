// A template with its values comes in, then how often it is to be filled, line by line; the CPU time that takes goes out.
//
//     node engines.mjs docxtemplater|easy-template-x TEMPLATE VALUES OUT    (OUT: where the last document is written)

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [engine, template, values, out] = process.argv.slice(2);
const require = createRequire(process.cwd() + "/");
const content = readFileSync(template);
const given = JSON.parse(readFileSync(values, "utf-8"));

function find(scope, path) {
    if (path === "it") return typeof scope === "object" ? undefined : scope;
    return path.split(".").reduce((value, key) => (value == null ? undefined : value[key]), scope);
}

function truth(value) {
    if (Array.isArray(value)) return value.length > 0;
    return value !== null && typeof value === "object" ? Object.keys(value).length > 0 : Boolean(value);
}

// The value of a tag in one scope; a condition is told from a value by what stands before its name.
function look(scope, tag) {
    const asked = tag[0] === "?" || tag[0] === "!";
    const value = find(scope, asked ? tag.slice(1) : tag);
    if (!asked || value === undefined) return value;
    return truth(value) === (tag[0] === "?");
}

// easy-template-x names the way to a tag: loops and conditions with their numbers, then the tag.
function resolve({ strPath, data }) {
    const scopes = [data];
    const search = (tag) => {
        for (let n = scopes.length - 1; n >= 0; n--) {
            const value = look(scopes[n], tag);
            if (value !== undefined) return value;
        }
        return undefined;
    };
    let list = null;
    for (const part of strPath.slice(0, -1)) {
        if (/^\d+$/.test(part)) {
            if (Array.isArray(list)) scopes.push(list[Number(part)]);
            list = null;
        } else {
            list = search(part);
        }
    }
    return search(strPath[strPath.length - 1]);
}

function filler() {
    if (engine === "docxtemplater") {
        const PizZip = require("pizzip");
        const Docxtemplater = require("docxtemplater");
        const options = {
            paragraphLoop: true,
            linebreaks: true,
            parser: (tag) => ({ get: (scope) => look(scope, tag) }),
            nullGetter: (part) => {
                throw new Error(`no value for ${part.value}`);
            },
        };
        return async () => {
            const word = new Docxtemplater(new PizZip(content), options);
            word.render(given);
            return word.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
        };
    }
    const { TemplateHandler } = require("easy-template-x");
    const handler = new TemplateHandler({ scopeDataResolver: resolve });
    return () => handler.process(content, given);
}

const fill = filler();
for await (const line of createInterface({ input: process.stdin })) {
    const start = process.cpuUsage();
    let document;
    for (let n = 0; n < Number(line); n++) document = await fill();
    const spent = process.cpuUsage(start);
    if (out) writeFileSync(out, document);
    console.log((spent.user + spent.system) / 1000);
}
