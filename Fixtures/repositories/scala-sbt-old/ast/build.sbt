name := "orbit-ast"
