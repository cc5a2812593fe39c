defmodule Core.MixProject do
end
