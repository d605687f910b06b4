#include "engine.h"

#include "call.h"

namespace counterweight {
namespace {

const Registry& registry() {
  static const Registry all = [] {
    Registry building;
    registerAdamW(building);
    registerAttention(building);
    registerCrossEntropy(building);
    registerLowRank(building);
    registerRmsNorm(building);
    registerSwiglu(building);
    registerAddN(building);
    registerBinaryOperations(building);
    registerGatherOperations(building);
    registerMatMul(building);
    registerQuantization(building);
    registerReductions(building);
    registerRowOperations(building);
    registerShapeOperations(building);
    registerTypeOperations(building);
    registerUnaryOperations(building);
    return building;
  }();
  return all;
}

thread_local std::string problem;

// Reads the mailbox, and never beyond it.
class Reader {
 public:
  explicit Reader(const double* values) : values_(values) {}
  double next() { return position_ < mailboxLength ? values_[position_++] : 0; }
  size_t count() { return static_cast<size_t>(next()); }

 private:
  const double* values_;
  size_t position_ = 0;
};

Tensor readTensor(Reader& reader) {
  Tensor tensor;
  tensor.data = reinterpret_cast<void*>(static_cast<uintptr_t>(reader.next()));
  tensor.type = static_cast<Type>(static_cast<int>(reader.next()));
  tensor.dims.resize(reader.count());
  for (int64_t& dim : tensor.dims) dim = static_cast<int64_t>(reader.next());
  return tensor;
}

void writeResults(const std::vector<Tensor>& outputs, double* to) {
  *to++ = static_cast<double>(outputs.size());
  for (const Tensor& tensor : outputs) {
    *to++ = static_cast<double>(reinterpret_cast<uintptr_t>(tensor.data));
    *to++ = static_cast<double>(static_cast<int>(tensor.type));
    *to++ = static_cast<double>(tensor.dims.size());
    for (const int64_t dim : tensor.dims) *to++ = static_cast<double>(dim);
  }
}

}  // namespace

bool registerWith(const Operation& operation, Compute compute, Registry& registry) {
  std::vector<std::string> names;
  for (const std::string attribute : operation.attributes) {
    if (attribute.find('{') == std::string::npos) names.push_back(attribute.substr(0, attribute.find(':')));
  }
  registry.entries.push_back({operation.name, names, compute});
  return true;
}

double* mailbox() {
  static thread_local std::vector<double> values(mailboxLength);
  return values.data();
}

bool run() {
  Reader reader(mailbox());
  const size_t number = reader.count();
  if (number >= registry().entries.size()) {
    problem = "there is no such operation";
    return false;
  }
  const Registry::Entry& entry = registry().entries[number];
  std::vector<Tensor> inputs(reader.count());
  for (Tensor& tensor : inputs) tensor = readTensor(reader);
  std::vector<std::vector<double>> attributes(entry.attributes.size());
  for (std::vector<double>& numbers : attributes) {
    numbers.resize(reader.count());
    for (double& value : numbers) value = reader.next();
  }
  Call call(entry.attributes, std::move(inputs), std::move(attributes));
  entry.compute(call);
  if (call.ok()) writeResults(call.outputs(), mailbox());
  else problem = entry.name + ": " + call.problem();
  return call.ok();
}

const char* message() { return problem.c_str(); }

const std::string& describe() {
  static const std::string text = [] {
    std::string json = "[";
    for (const Registry::Entry& entry : registry().entries) {
      json += std::string(json.size() > 1 ? "," : "") + "{\"name\":\"" + entry.name + "\",\"attributes\":[";
      for (size_t i = 0; i < entry.attributes.size(); i++) json += (i ? ",\"" : "\"") + entry.attributes[i] + "\"";
      json += "]}";
    }
    return json + "]";
  }();
  return text;
}

}  // namespace counterweight
