package Fleet;
1;
