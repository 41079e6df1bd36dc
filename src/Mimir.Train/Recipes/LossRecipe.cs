using Mimir.Base.Options;

namespace Mimir.Train.Recipes;

/// <summary>The loss that training minimises; the one key of <c>train.loss</c> names the kind.</summary>
[Kind("cross-entropy", typeof(CrossEntropyRecipe))]
[Kind("mmi", typeof(MmiRecipe))]
[Kind("mpe", typeof(MpeRecipe))]
[Kind("smbr", typeof(SmbrRecipe))]
public abstract record LossRecipe;

/// <summary>The cross-entropy of each frame against its target, as nnet1's Xent.</summary>
public sealed record CrossEntropyRecipe : LossRecipe;
