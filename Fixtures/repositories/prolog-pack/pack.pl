name(list_more).
version('1.0.0').
requires(prolog >= '8.4').
