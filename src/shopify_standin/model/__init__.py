"""What a shop's objects are: plain data, with the arithmetic that needs no other object. No GraphQL, no JSON."""
