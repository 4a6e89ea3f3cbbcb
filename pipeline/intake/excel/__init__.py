"""Workbook → matrix forms; and a returned workbook with its queried cells marked."""
