"""What a person types, checked and turned into what actions take. A form refuses to know who may do it."""
