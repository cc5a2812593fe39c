defmodule Live.MixProject do
  defp deps do
    [
      {:phoenix, "~> 1.7"},
      {:myxql, ">= 0.0.0"}
    ]
  end
end
