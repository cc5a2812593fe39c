def override(name):
    return name
