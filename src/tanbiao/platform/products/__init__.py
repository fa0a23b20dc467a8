"""Products of enterprises and the workbooks of activity data they bring."""
