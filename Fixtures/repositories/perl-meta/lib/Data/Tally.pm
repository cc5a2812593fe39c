package Data::Tally;
1;
