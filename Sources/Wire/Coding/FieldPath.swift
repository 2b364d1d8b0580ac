/// Where a field stands in its body. Found by walking down the tape once there is a fault to report, so that decoding
/// carries no path along.
extension Document {
    /// One step of a path, as `Codable` wants it.
    struct Step: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(stringValue: String) {
            self.stringValue = stringValue
            intValue = nil
        }

        init(intValue: Int) {
            stringValue = "[\(intValue)]"
            self.intValue = intValue
        }
    }

    func badField(_ fault: FieldFault) -> BadField {
        var steps = steps(to: fault.node)
        if let member = fault.member { steps.append(Step(stringValue: member)) }
        return BadField(path: fieldPath(steps), message: fault.message)
    }

    func codingPath(to node: UInt32) -> [any CodingKey] { steps(to: node) }

    /// The keys and indices that lead from the value being decoded to `node`, or to the value of the key that it is.
    private func steps(to node: UInt32) -> [Step] {
        var steps: [Step] = []
        var at = base
        descent: while at < node, node < tape[Int(at)].next {
            let isMap = tape[Int(at)].kind == .map
            var child = at + 1
            var index = 0
            while child < tape[Int(at)].next {
                let value = isMap ? child + 1 : child
                if node < tape[Int(value)].next {
                    steps.append(
                        isMap ? Step(stringValue: string(Node(index: child)) ?? "") : Step(intValue: index))
                    at = value
                    continue descent
                }
                child = tape[Int(value)].next
                index += 1
            }
            break
        }
        return steps
    }
}

/// Writes a path as a refusal has it: `owner.checks[2].name`.
func fieldPath(_ steps: [any CodingKey]) -> String {
    var path = ""
    for step in steps {
        if let index = step.intValue {
            path += "[\(index)]"
        } else {
            path += path.isEmpty ? step.stringValue : "." + step.stringValue
        }
    }
    return path
}
