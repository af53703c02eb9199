"""How a case is read on a page: values for the components. No rule lives here, and nothing is written."""
