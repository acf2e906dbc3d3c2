"""The registrar's desk: an app for the people of a school office; ``parts`` is the table of what it is made of."""
