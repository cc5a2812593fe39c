module Waves
end
