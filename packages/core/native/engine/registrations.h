// Included where `Registry` is declared. One for every file of kernels.
bool registerAdamW(Registry& registry);
bool registerAttention(Registry& registry);
bool registerCrossEntropy(Registry& registry);
bool registerLowRank(Registry& registry);
bool registerRmsNorm(Registry& registry);
bool registerSwiglu(Registry& registry);
