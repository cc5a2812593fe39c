if exists("g:lens") | finish | endif
