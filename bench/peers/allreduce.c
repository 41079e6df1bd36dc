/* Open MPI's side of the AllReduce rung: worker 0 reads 'bytes repetitions' lines and answers each with
   'best_seconds median_seconds'. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* While it is the others' turn nobody may spin, as a waiting MPI call does. */
static void hand_out(long long *order, int rank, int size) {
  if (rank == 0) {
    for (int other = 1; other < size; other++) MPI_Send(order, 2, MPI_LONG_LONG, other, 1, MPI_COMM_WORLD);
    return;
  }
  for (int there = 0; !there; usleep(1000)) MPI_Iprobe(0, 1, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
  MPI_Recv(order, 2, MPI_LONG_LONG, 0, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

int main(int argc, char **argv) {
  int rank, size;
  long long order[2];
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (rank == 0) {
    char name[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;
    MPI_Get_library_version(name, &length);
    printf("ready %.20s\n", name);
    fflush(stdout);
  }
  for (;;) {
    if (rank == 0 && scanf("%lld %lld", &order[0], &order[1]) != 2) order[0] = -1;
    hand_out(order, rank, size);
    if (order[0] < 0) break;
    int count = (int)(order[0] / 4), times = (int)order[1];
    float *values = malloc(order[0]);
    double *seconds = malloc(sizeof(double) * times);
    for (int i = 0; i < count; i++) values[i] = 1e-3f;
    MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    for (int t = 0; t < times; t++) {
      MPI_Barrier(MPI_COMM_WORLD);
      double start = MPI_Wtime();
      MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
      seconds[t] = MPI_Wtime() - start;
    }
    if (rank == 0) {
      qsort(seconds, times, sizeof(double), ascending);
      printf("%.9f %.9f\n", seconds[0], seconds[times / 2]);
      fflush(stdout);
    }
    free(values);
    free(seconds);
  }
  MPI_Finalize();
  return 0;
}
