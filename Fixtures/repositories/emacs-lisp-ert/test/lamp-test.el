(ert-deftest lamp-on () (should t))
