from collections import Mapping
import imp
