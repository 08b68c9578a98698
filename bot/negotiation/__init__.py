"""What may be agreed with a borrower, made by code from the programme's limits. Nothing else can create a concession."""
