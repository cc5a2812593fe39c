:- begin_tests(list_more).
:- end_tests(list_more).
