:- module(list_more, [last2/2]).
