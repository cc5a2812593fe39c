[inputs: ["{mix,.formatter}.exs"]]
