import RCMLMedia

/// What the body of an answer is to become, and what its URL calls it.
struct WebSound {
  var id: SoundID
  var name: String
}
