defmodule App.MixProject do
  def project do
    [
      app: :app,
      elixir: "~> 1.15",
    ]
  end
end
