"""Documents on paper's format: PDF/A-3, in Korean or English, with every glyph that they need inside."""
