/// What the page does: one script, in parts.
enum PageScript {
  static let text = [base, list, ladder, call, sound, panel, main].joined(separator: "\n")
}
