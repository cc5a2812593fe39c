module MainTest exposing (all)
