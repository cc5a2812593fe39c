from cgi import parse_header
