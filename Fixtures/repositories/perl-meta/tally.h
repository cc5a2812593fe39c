#ifndef TALLY_H
#define TALLY_H
int tally(void);
#endif
