int parse(void);
