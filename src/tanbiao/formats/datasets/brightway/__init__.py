"""What Brightway exchanges: workbooks (`workbook.FORMAT`) and processed datapackages (`datapackage.FORMAT`)."""
