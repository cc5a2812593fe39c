defmodule Relay.MixProject do
  use Mix.Project

  def project do
    [app: :relay, version: "2.0.0", language: :erlang, elixir: "~> 1.13", deps: []]
  end
end
