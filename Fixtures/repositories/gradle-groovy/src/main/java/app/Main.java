package app; class Main {}
