name := "orbit-parser"
