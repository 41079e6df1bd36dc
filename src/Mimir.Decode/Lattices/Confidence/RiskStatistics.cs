using Mimir.Base;

namespace Mimir.Decode.Lattices.Confidence;

/// <summary>
/// The expected edit distance between the paths of a lattice and a word sequence, and the posterior of each word in each place of
/// that sequence: figures 4 and 5 of the paper of <see cref="MinimumBayesRisk"/>, with states from 0 on.
/// </summary>
internal sealed class RiskStatistics
{
    // A word that is left out costs a little more than one that is replaced, so that ties are broken.
    private const double Deletion = 1 + 1e-5f;

    private readonly List<Arc>[] _entering;
    private readonly int[] _times;
    private readonly double[] _alpha;
    private double[,] _forward = new double[0, 0];

    public RiskStatistics(WordLattice lattice)
    {
        var single = SuperFinal.Add(lattice);
        _times = LatticeTimes.Of(single);
        _entering = new List<Arc>[single.StateCount];
        for (var state = 0; state < _entering.Length; state++)
            _entering[state] = [];

        for (var state = 0; state < _entering.Length; state++)
        {
            foreach (var arc in single.Arcs(state))
                _entering[arc.Next].Add(new Arc(state, arc.Word, -(arc.Weight.Graph + arc.Weight.Acoustic)));
        }

        _alpha = new double[_entering.Length];
        for (var state = 1; state < _alpha.Length; state++)
        {
            _alpha[state] = double.NegativeInfinity;
            foreach (var arc in _entering[state])
                _alpha[state] = LatticeForwardBackward.LogAdd(_alpha[state], _alpha[arc.From] + arc.Likelihood);
        }
    }

    /// <summary>Gets the expected number of errors of the last sequence.</summary>
    public double Risk { get; private set; }

    /// <summary>Collects the alternatives for each place of a sequence.</summary>
    /// <param name="reference">The words, 0 for none.</param>
    public List<SausageBin> Accumulate(int[] reference)
    {
        FindDistances(reference);
        var places = new Place[reference.Length + 1];
        for (var place = 1; place < places.Length; place++)
            places[place] = new Place();

        var (states, count) = (_entering.Length, reference.Length);
        var backward = new double[states, count + 1];
        var (distance, step, flow) = (new double[count + 1], new byte[count + 1], new double[count + 1]);
        backward[states - 1, count] = 1;
        for (var state = states - 1; state > 0; state--)
        {
            foreach (var arc in _entering[state])
            {
                FollowArc(arc, reference, distance, step);
                Array.Clear(flow);
                var share = Math.Exp(_alpha[arc.From] + arc.Likelihood - _alpha[state]);
                for (var place = count; place > 0; place--)
                {
                    flow[place] += share * backward[state, place];
                    switch (step[place])
                    {
                        case 1:
                            backward[arc.From, place - 1] += flow[place];
                            places[place].Add(arc.Word, flow[place], _times[arc.From], _times[state]);
                            break;
                        case 2:
                            backward[arc.From, place] += flow[place];
                            break;
                        default:
                            flow[place - 1] += flow[place];
                            places[place].Add(0, flow[place], _times[state], _times[state]);
                            break;
                    }
                }

                flow[0] += share * backward[state, 0];
                backward[arc.From, 0] += flow[0];
            }
        }

        // Words before the first arc.
        Array.Clear(flow);
        for (var place = count; place > 0; place--)
        {
            flow[place] += backward[0, place];
            flow[place - 1] += flow[place];
            places[place].Add(0, flow[place], 0, 0);
        }

        return ToBins(places);
    }

    private static double Loss(int word, int other) => word == other ? 0 : 1;

    private static double DeletionLoss(int word) => word == 0 ? 0 : Deletion;

    // The expected distance of the paths to each state from each beginning of the reference.
    private void FindDistances(int[] reference)
    {
        var count = reference.Length;
        _forward = new double[_entering.Length, count + 1];
        for (var place = 1; place <= count; place++)
            _forward[0, place] = _forward[0, place - 1] + Loss(0, reference[place - 1]);

        var (distance, step) = (new double[count + 1], new byte[count + 1]);
        for (var state = 1; state < _entering.Length; state++)
        {
            foreach (var arc in _entering[state])
            {
                FollowArc(arc, reference, distance, step);
                var share = Math.Exp(_alpha[arc.From] + arc.Likelihood - _alpha[state]);
                for (var place = 0; place <= count; place++)
                    _forward[state, place] += share * distance[place];
            }
        }

        Risk = _forward[_entering.Length - 1, count];
        if (!double.IsFinite(Risk))
            throw new InputException("the costs of the lattice are too large to be summed");
    }

    // The distances behind an arc, and the step that gives each: 1 takes the word, 2 leaves it out, 3 takes none for the place.
    private void FollowArc(Arc arc, int[] reference, double[] distance, byte[] step)
    {
        distance[0] = _forward[arc.From, 0] + DeletionLoss(arc.Word);
        for (var place = 1; place < distance.Length; place++)
        {
            var word = reference[place - 1];
            var taken = _forward[arc.From, place - 1] + Loss(arc.Word, word);
            var left = _forward[arc.From, place] + DeletionLoss(arc.Word);
            var none = distance[place - 1] + Loss(0, word);
            (distance[place], step[place]) = taken <= left
                ? taken <= none ? (taken, (byte)1) : (none, (byte)3)
                : left <= none ? (left, (byte)2) : (none, (byte)3);
        }
    }

    private static List<SausageBin> ToBins(Place[] places)
    {
        var bins = new List<SausageBin>();
        foreach (var place in places.Skip(1))
        {
            var bin = place.ToBin();

            // Average times of neighbours may overlap.
            if (bins.Count > 0 && bins[^1].End > bin.Begin)
            {
                var middle = 0.5f * (bins[^1].End + bin.Begin);
                bins[^1] = bins[^1] with { End = middle };
                bin = bin with { Begin = middle };
            }

            bins.Add(bin);
        }

        return bins;
    }

    private readonly record struct Arc(int From, int Word, float Likelihood);

    // Posteriors and times that are weighted with them, by word.
    private sealed class Place
    {
        private readonly Dictionary<int, (double Posterior, double Begin, double End)> _words = [];

        public void Add(int word, double posterior, int begin, int end)
        {
            if (posterior == 0)
                return;

            var sum = _words.GetValueOrDefault(word);
            _words[word] = (sum.Posterior + posterior, sum.Begin + (begin * posterior), sum.End + (end * posterior));
        }

        public SausageBin ToBin()
        {
            if (_words.Count == 0)
                throw new InputException("the costs of the lattice are too far apart to be summed");

            var words = _words
                .OrderByDescending(word => (float)word.Value.Posterior)
                .ThenByDescending(word => word.Key)
                .Select(word => (word.Key, Posterior: (float)word.Value.Posterior, word.Value.Begin, word.Value.End))
                .ToList();
            return new SausageBin(
                words.ConvertAll(word => new ConfidentWord(
                    word.Key, (float)(word.Begin / word.Posterior), (float)(word.End / word.Posterior), word.Posterior)),
                (float)words.Sum(word => word.Begin),
                (float)words.Sum(word => word.End));
        }
    }
}
