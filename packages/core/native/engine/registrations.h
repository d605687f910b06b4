// Included where `Registry` is declared. One for every file of kernels.
bool registerAdamW(Registry& registry);
bool registerAttention(Registry& registry);
bool registerCrossEntropy(Registry& registry);
bool registerLowRank(Registry& registry);
bool registerRmsNorm(Registry& registry);
bool registerSwiglu(Registry& registry);
bool registerAddN(Registry& registry);
bool registerBinaryOperations(Registry& registry);
bool registerGatherOperations(Registry& registry);
bool registerMatMul(Registry& registry);
bool registerQuantization(Registry& registry);
bool registerReductions(Registry& registry);
bool registerRowOperations(Registry& registry);
bool registerShapeOperations(Registry& registry);
bool registerTypeOperations(Registry& registry);
bool registerUnaryOperations(Registry& registry);
