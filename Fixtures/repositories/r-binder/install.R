install.packages(c("tidyverse", 'xml2'))
