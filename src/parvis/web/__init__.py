"""The shell: base templates, components, navigation, and pages that compose several domains."""
