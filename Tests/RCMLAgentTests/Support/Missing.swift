/// Something a test waited for did not happen.
struct Missing: Error {
  var text: String
}
