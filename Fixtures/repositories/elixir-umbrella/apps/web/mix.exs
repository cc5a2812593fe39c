defmodule Web.MixProject do
  # {:redix, "~> 1.5"},
end
