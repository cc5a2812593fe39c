library(dplyr)
require("lme4")
library(dplyr)
library(stats)
