def setup(:
  ((((
"unclosed
