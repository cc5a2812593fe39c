import motley
doAssert motley() == 1
