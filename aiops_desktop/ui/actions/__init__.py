"""Everything one can do, as data; menus, toolbars, palette and shortcuts are views of it."""
