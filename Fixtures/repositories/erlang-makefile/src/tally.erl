-module(tally).
-export([count/1]).
count(List) -> length(List).
