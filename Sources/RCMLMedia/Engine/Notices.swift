/// What signalling and the files are to be told, in order, until somebody takes it.
final class Notices {
  private var outputs: [MediaOutput] = []
  private var nextIndex = 0

  func tell(_ event: MediaEvent) { outputs.append(.tell(event)) }
  func add(_ output: MediaOutput) { outputs.append(output) }

  func takeNext() -> MediaOutput? {
    guard nextIndex < outputs.count else {
      outputs.removeAll(keepingCapacity: outputs.capacity <= 256)
      nextIndex = 0
      return nil
    }
    defer { nextIndex += 1 }
    return outputs[nextIndex]
  }
}
