import RCMLBasics
import RCMLMedia

/// Any octets as a sound file (failures P10). The first octet picks what the name says.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c public func LLVMFuzzerTestOneInput(_ octets: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let names = ["", "a.raw", "a.alaw", "a.ulaw"]
  let file = Array(UnsafeBufferPointer(start: octets + 1, count: count - 1))
  switch SoundFile.read(file, name: names[Int(octets[0] & 3)]) {
  case .success(let samples):
    precondition(!samples.isEmpty && samples.count <= SoundFile.secondsLimit * 8_000)
  case .failure: break
  }
  return 0
}
