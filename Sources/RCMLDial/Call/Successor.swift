/// What runs on the caller once the Dial has ended, instead of its action (spec L-39, U-40).
enum Successor {
  case document(DocumentSource)
  case refer(Interpreter.Fetch)
}
